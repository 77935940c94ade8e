"""The motivation survey. People go in at the top, pages and PDFs come out at the bottom.

people      who works where             services/people, models/people
instrument  what is asked               instruments/
wave        when it is asked            services/waves, models/waves
invitations who gets a letter           services/invitations, mail
responses   what they say               services/responses, forms/, web/responses
scoring     what it means               scoring/
privacy     what may be told            privacy/
publication what is told, once          services/publication, models/publications
pages       where it is read            web/, charts, templates/
reports     where it is printed         reports/ (beside this package), templates/report/
"""
