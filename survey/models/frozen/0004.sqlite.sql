CREATE TRIGGER frozen_wave_insert BEFORE INSERT ON wave FOR EACH ROW
-- INSERT OR REPLACE would delete the row of an opened wave, and call no trigger for that.
WHEN EXISTS (SELECT 1 FROM wave WHERE (id = NEW.id OR code = NEW.code) AND state <> 'draft')
BEGIN
  SELECT RAISE(ABORT, 'frozen: wave');
END

CREATE TRIGGER frozen_wave_number BEFORE UPDATE OF id ON wave FOR EACH ROW
-- UPDATE OR REPLACE could give a draft the number of an opened wave.
WHEN NEW.id <> OLD.id
BEGIN
  SELECT RAISE(ABORT, 'frozen: wave.id');
END

CREATE TRIGGER frozen_wave_update BEFORE UPDATE ON wave FOR EACH ROW
WHEN OLD.state <> 'draft'
BEGIN
  SELECT CASE
    WHEN NEW.code <> OLD.code THEN RAISE(ABORT, 'frozen: wave.code')
    WHEN NEW.kind <> OLD.kind THEN RAISE(ABORT, 'frozen: wave.kind')
    WHEN NEW.instrument_id <> OLD.instrument_id THEN RAISE(ABORT, 'frozen: wave.instrument_id')
    WHEN NEW.instrument_version <> OLD.instrument_version THEN RAISE(ABORT, 'frozen: wave.instrument_version')
    WHEN NEW.practices <> OLD.practices THEN RAISE(ABORT, 'frozen: wave.practices')
    WHEN NEW.joins <> OLD.joins THEN RAISE(ABORT, 'frozen: wave.joins')
    WHEN NEW.promise <> OLD.promise THEN RAISE(ABORT, 'frozen: wave.promise')
    WHEN NEW.promise_digest <> OLD.promise_digest THEN RAISE(ABORT, 'frozen: wave.promise_digest')
    WHEN NEW.frozen_digest <> OLD.frozen_digest THEN RAISE(ABORT, 'frozen: wave.frozen_digest')
    WHEN NEW.sealed <> OLD.sealed THEN RAISE(ABORT, 'frozen: wave.sealed')
    WHEN NEW.extra_items <> OLD.extra_items THEN RAISE(ABORT, 'frozen: wave.extra_items')
    WHEN NEW.rehearsal <> OLD.rehearsal THEN RAISE(ABORT, 'frozen: wave.rehearsal')
    WHEN NEW.opens_at <> OLD.opens_at THEN RAISE(ABORT, 'frozen: wave.opens_at')
    WHEN NEW.k < OLD.k THEN RAISE(ABORT, 'frozen: wave.k')
    WHEN NEW.detail_k < OLD.detail_k THEN RAISE(ABORT, 'frozen: wave.detail_k')
    WHEN NEW.retention_months > OLD.retention_months THEN RAISE(ABORT, 'frozen: wave.retention_months')
    WHEN OLD.strict AND NOT NEW.strict THEN RAISE(ABORT, 'frozen: wave.strict')
    -- Once it has closed, its end says when answers are deleted.
    WHEN NEW.closes_at <> OLD.closes_at AND OLD.state <> 'open' THEN RAISE(ABORT, 'frozen: wave.closes_at')
    -- Its end may come earlier; later only once, by two weeks at most, and told as an extension. Then it stands.
    WHEN NEW.extended_from IS NOT OLD.extended_from AND NOT coalesce(OLD.extended_from IS NULL
      AND NEW.extended_from = OLD.closes_at AND OLD.state = 'open' AND NEW.state = 'open'
      AND julianday(NEW.closes_at) > julianday(OLD.closes_at), 0) THEN RAISE(ABORT, 'frozen: wave.extended_from')
    WHEN NEW.closes_at <> OLD.closes_at AND NOT coalesce(CASE
      WHEN NEW.extended_from IS NOT OLD.extended_from
        THEN julianday(NEW.closes_at) - julianday(OLD.closes_at) < 14.000001
      WHEN OLD.extended_from IS NULL OR NEW.state = 'closed' THEN julianday(NEW.closes_at) < julianday(OLD.closes_at)
      END, 0) THEN RAISE(ABORT, 'frozen: wave.closes_at')
    WHEN OLD.state || '>' || NEW.state NOT IN
      ('open>open', 'open>closed', 'closed>closed', 'closed>published', 'published>published')
      THEN RAISE(ABORT, 'frozen: wave.state')
    -- A rehearsal is never published: its answers are gone.
    WHEN NEW.rehearsal AND NEW.state = 'published' THEN RAISE(ABORT, 'frozen: wave.state')
    WHEN NEW.pepper IS NOT NULL AND NEW.pepper IS NOT OLD.pepper THEN RAISE(ABORT, 'frozen: wave.pepper')
    WHEN NEW.seal_key IS NOT NULL AND NEW.seal_key IS NOT OLD.seal_key THEN RAISE(ABORT, 'frozen: wave.seal_key')
  END;
END

CREATE TRIGGER frozen_wave_delete BEFORE DELETE ON wave FOR EACH ROW
WHEN OLD.state <> 'draft'
BEGIN
  SELECT RAISE(ABORT, 'frozen: wave');
END

CREATE TRIGGER frozen_wave_unit_insert BEFORE INSERT ON wave_unit FOR EACH ROW
WHEN (SELECT state FROM wave WHERE id = NEW.wave_id) <> 'draft'
BEGIN
  SELECT RAISE(ABORT, 'frozen: wave_unit');
END

CREATE TRIGGER frozen_wave_unit_update BEFORE UPDATE ON wave_unit FOR EACH ROW
WHEN EXISTS (SELECT 1 FROM wave WHERE id IN (OLD.wave_id, NEW.wave_id) AND state <> 'draft')
BEGIN
  SELECT CASE
    WHEN NEW.wave_id <> OLD.wave_id OR NEW.code <> OLD.code THEN RAISE(ABORT, 'frozen: wave_unit.code')
    WHEN NEW.parent_code IS NOT OLD.parent_code THEN RAISE(ABORT, 'frozen: wave_unit.parent_code')
    WHEN NEW.name_ko <> OLD.name_ko OR NEW.name_en <> OLD.name_en THEN RAISE(ABORT, 'frozen: wave_unit.name')
    WHEN NEW.kind <> OLD.kind THEN RAISE(ABORT, 'frozen: wave_unit.kind')
    WHEN NEW.invited <> OLD.invited THEN RAISE(ABORT, 'frozen: wave_unit.invited')
    WHEN NEW.spares <> OLD.spares THEN RAISE(ABORT, 'frozen: wave_unit.spares')
    WHEN NEW.joined <> OLD.joined THEN RAISE(ABORT, 'frozen: wave_unit.joined')
    -- Fewer would make a group look larger than it is.
    WHEN NEW.spares_drawn < OLD.spares_drawn THEN RAISE(ABORT, 'frozen: wave_unit.spares_drawn')
  END;
END

CREATE TRIGGER frozen_wave_unit_delete BEFORE DELETE ON wave_unit FOR EACH ROW
WHEN (SELECT state FROM wave WHERE id = OLD.wave_id) <> 'draft'
BEGIN
  SELECT RAISE(ABORT, 'frozen: wave_unit');
END

CREATE TRIGGER frozen_roster_entry_insert BEFORE INSERT ON roster_entry FOR EACH ROW
WHEN (SELECT state FROM wave WHERE id = NEW.wave_id) <> 'draft'
BEGIN
  SELECT RAISE(ABORT, 'frozen: roster_entry');
END

CREATE TRIGGER frozen_roster_entry_update BEFORE UPDATE ON roster_entry FOR EACH ROW
WHEN EXISTS (SELECT 1 FROM wave WHERE id IN (OLD.wave_id, NEW.wave_id) AND state <> 'draft')
BEGIN
  SELECT RAISE(ABORT, 'frozen: roster_entry');
END

CREATE TRIGGER frozen_roster_entry_delete BEFORE DELETE ON roster_entry FOR EACH ROW
WHEN (SELECT state FROM wave WHERE id = OLD.wave_id) <> 'draft'
BEGIN
  SELECT RAISE(ABORT, 'frozen: roster_entry');
END

CREATE TRIGGER frozen_instrument_insert BEFORE INSERT ON instrument FOR EACH ROW
-- INSERT OR REPLACE would change a version that is there.
WHEN EXISTS (SELECT 1 FROM instrument WHERE id = NEW.id AND version = NEW.version)
BEGIN
  SELECT RAISE(ABORT, 'frozen: instrument');
END

CREATE TRIGGER frozen_instrument_update BEFORE UPDATE ON instrument FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'frozen: instrument');
END

CREATE TRIGGER frozen_instrument_delete BEFORE DELETE ON instrument FOR EACH ROW
WHEN EXISTS (SELECT 1 FROM wave WHERE instrument_id = OLD.id AND instrument_version = OLD.version)
BEGIN
  SELECT RAISE(ABORT, 'frozen: instrument');
END

CREATE TRIGGER frozen_company_update BEFORE UPDATE ON company FOR EACH ROW
WHEN NEW.unit_word <> OLD.unit_word AND EXISTS (SELECT 1 FROM wave WHERE state = 'open')
BEGIN
  SELECT RAISE(ABORT, 'frozen: company.unit_word');
END

CREATE TRIGGER frozen_publication_insert BEFORE INSERT ON publication FOR EACH ROW
WHEN (SELECT rehearsal FROM wave WHERE id = NEW.wave_id)
BEGIN
  SELECT RAISE(ABORT, 'frozen: publication');
END
