"""The motivation survey. People go in at the top, pages and PDFs come out at the bottom.

people      who works where             services/roster/ (filing/: how files are read), models/people
instrument  what is asked               instruments/
wave        when it is asked            services/waves/ (freezing, frozen: tree and roster), models/waves
invitations who gets a letter or code   services/invitations/ (codes, tokens, issue_key, letters), mail
responses   what they say               services/responses/ (replies), models/responses, forms/, web/responses
scoring     what it means               scoring/
privacy     what may be told            privacy/
publication what is told, once          services/publication/ (imported: answers from elsewhere), models/publications
runs        what takes longer than a page may  runs/, services/runs, models/runs
pages       where it is read            web/, charts/, templates/
reports     where it is printed         reports/ (beside this package), templates/report/

What happens by itself stands in services/waves/upkeep, who did what in
services/audit_log, what an operator types in cli/.
"""
