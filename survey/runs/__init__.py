"""What takes longer than a page may: letters and reports, done by a thread of the process that serves.

Who asked, who has it and what came of it are rows (`survey.services.runs`), so that all processes tell the same, one of
them does the work, and what a killed one had is taken up again. What has been done is kept by the services: letters by
their dates, reports as files. `kinds` names what can run, `doing` does it under a lease, `runner` in a thread.
"""
