CREATE FUNCTION frozen_wave() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      RAISE EXCEPTION 'frozen: wave of %', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF NEW.id <> OLD.id THEN
    RAISE EXCEPTION 'frozen: wave.id of %', OLD.code USING ERRCODE = 'integrity_constraint_violation';
  ELSIF OLD.state = 'draft' THEN
    RETURN NEW;
  END IF;
  what := CASE
    WHEN NEW.code <> OLD.code THEN 'code'
    WHEN NEW.kind <> OLD.kind THEN 'kind'
    WHEN NEW.instrument_id <> OLD.instrument_id THEN 'instrument_id'
    WHEN NEW.instrument_version <> OLD.instrument_version THEN 'instrument_version'
    WHEN NEW.practices::text <> OLD.practices::text THEN 'practices'
    WHEN NEW.joins::text <> OLD.joins::text THEN 'joins'
    WHEN NEW.promise <> OLD.promise THEN 'promise'
    WHEN NEW.promise_digest <> OLD.promise_digest THEN 'promise_digest'
    WHEN NEW.frozen_digest <> OLD.frozen_digest THEN 'frozen_digest'
    WHEN NEW.sealed <> OLD.sealed THEN 'sealed'
    WHEN NEW.extra_items::text <> OLD.extra_items::text THEN 'extra_items'
    WHEN NEW.rehearsal <> OLD.rehearsal THEN 'rehearsal'
    WHEN NEW.opens_at <> OLD.opens_at THEN 'opens_at'
    WHEN NEW.k < OLD.k THEN 'k'
    WHEN NEW.detail_k < OLD.detail_k THEN 'detail_k'
    WHEN NEW.retention_months > OLD.retention_months THEN 'retention_months'
    -- Quoted: the language has a keyword of this name.
    WHEN OLD."strict" AND NOT NEW."strict" THEN 'strict'
    -- Once it has closed, its end says when answers are deleted.
    WHEN NEW.closes_at <> OLD.closes_at AND OLD.state <> 'open' THEN 'closes_at'
    -- Its end may come earlier; later only once, by two weeks at most, and told as an extension. Then it stands.
    WHEN NEW.extended_from IS DISTINCT FROM OLD.extended_from AND NOT coalesce(OLD.extended_from IS NULL
      AND NEW.extended_from = OLD.closes_at AND OLD.state = 'open' AND NEW.state = 'open'
      AND NEW.closes_at > OLD.closes_at, false) THEN 'extended_from'
    WHEN NEW.closes_at <> OLD.closes_at AND NOT coalesce(CASE
      WHEN NEW.extended_from IS DISTINCT FROM OLD.extended_from
        THEN NEW.closes_at - OLD.closes_at <= interval '14 days'
      WHEN OLD.extended_from IS NULL OR NEW.state = 'closed' THEN NEW.closes_at < OLD.closes_at
      END, false) THEN 'closes_at'
    WHEN OLD.state || '>' || NEW.state NOT IN
      ('open>open', 'open>closed', 'closed>closed', 'closed>published', 'published>published') THEN 'state'
    -- A rehearsal is never published: its answers are gone.
    WHEN NEW.rehearsal AND NEW.state = 'published' THEN 'state'
    WHEN NEW.pepper IS NOT NULL AND NEW.pepper IS DISTINCT FROM OLD.pepper THEN 'pepper'
    WHEN NEW.seal_key IS NOT NULL AND NEW.seal_key IS DISTINCT FROM OLD.seal_key THEN 'seal_key'
  END;
  IF what IS NOT NULL THEN
    RAISE EXCEPTION 'frozen: wave.% of %', what, OLD.code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$

CREATE FUNCTION frozen_wave_unit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wave_code text;
  what text;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    SELECT code INTO wave_code FROM wave WHERE id = OLD.wave_id AND state <> 'draft';
  END IF;
  IF wave_code IS NULL AND TG_OP <> 'DELETE' THEN
    SELECT code INTO wave_code FROM wave WHERE id = NEW.wave_id AND state <> 'draft';
  END IF;
  IF wave_code IS NULL THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  ELSIF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'frozen: wave_unit of %', wave_code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  what := CASE
    WHEN NEW.wave_id <> OLD.wave_id OR NEW.code <> OLD.code THEN 'code'
    WHEN NEW.parent_code IS DISTINCT FROM OLD.parent_code THEN 'parent_code'
    WHEN NEW.name_ko <> OLD.name_ko OR NEW.name_en <> OLD.name_en THEN 'name'
    WHEN NEW.kind <> OLD.kind THEN 'kind'
    WHEN NEW.invited <> OLD.invited THEN 'invited'
    WHEN NEW.spares <> OLD.spares THEN 'spares'
    WHEN NEW.joined::text <> OLD.joined::text THEN 'joined'
    -- Fewer would make a group look larger than it is.
    WHEN NEW.spares_drawn < OLD.spares_drawn THEN 'spares_drawn'
  END;
  IF what IS NOT NULL THEN
    RAISE EXCEPTION 'frozen: wave_unit.% of %', what, wave_code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$

CREATE FUNCTION frozen_roster_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wave_code text;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    SELECT code INTO wave_code FROM wave WHERE id = OLD.wave_id AND state <> 'draft';
  END IF;
  IF wave_code IS NULL AND TG_OP <> 'DELETE' THEN
    SELECT code INTO wave_code FROM wave WHERE id = NEW.wave_id AND state <> 'draft';
  END IF;
  IF wave_code IS NOT NULL THEN
    RAISE EXCEPTION 'frozen: roster_entry of %', wave_code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$

CREATE FUNCTION frozen_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.unit_word <> OLD.unit_word AND EXISTS (SELECT FROM wave WHERE state = 'open') THEN
    RAISE EXCEPTION 'frozen: company.unit_word' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$

CREATE FUNCTION frozen_instrument() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR EXISTS
    (SELECT FROM wave WHERE instrument_id = OLD.id AND instrument_version = OLD.version) THEN
    RAISE EXCEPTION 'frozen: instrument' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$

CREATE FUNCTION frozen_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM wave WHERE id = NEW.wave_id AND rehearsal) THEN
    RAISE EXCEPTION 'frozen: publication' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$

CREATE FUNCTION frozen_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM wave WHERE state <> 'draft') THEN
    RAISE EXCEPTION 'frozen: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$

CREATE TRIGGER frozen_wave BEFORE UPDATE OR DELETE ON wave FOR EACH ROW EXECUTE FUNCTION frozen_wave()

CREATE TRIGGER frozen_wave_unit BEFORE INSERT OR UPDATE OR DELETE ON wave_unit FOR EACH ROW EXECUTE FUNCTION frozen_wave_unit()

CREATE TRIGGER frozen_roster_entry BEFORE INSERT OR UPDATE OR DELETE ON roster_entry FOR EACH ROW EXECUTE FUNCTION frozen_roster_entry()

CREATE TRIGGER frozen_company BEFORE UPDATE ON company FOR EACH ROW EXECUTE FUNCTION frozen_company()

CREATE TRIGGER frozen_instrument BEFORE UPDATE OR DELETE ON instrument FOR EACH ROW EXECUTE FUNCTION frozen_instrument()

CREATE TRIGGER frozen_publication BEFORE INSERT ON publication FOR EACH ROW EXECUTE FUNCTION frozen_publication()

CREATE TRIGGER frozen_instrument_whole BEFORE TRUNCATE ON instrument FOR EACH STATEMENT EXECUTE FUNCTION frozen_whole()

CREATE TRIGGER frozen_wave_whole BEFORE TRUNCATE ON wave FOR EACH STATEMENT EXECUTE FUNCTION frozen_whole()

CREATE TRIGGER frozen_wave_unit_whole BEFORE TRUNCATE ON wave_unit FOR EACH STATEMENT EXECUTE FUNCTION frozen_whole()

CREATE TRIGGER frozen_roster_entry_whole BEFORE TRUNCATE ON roster_entry FOR EACH STATEMENT EXECUTE FUNCTION frozen_whole()
