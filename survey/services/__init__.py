"""What can be done: functions of a session. One module a noun; the only callers of models beside migrations."""
