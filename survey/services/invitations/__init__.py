"""Who is asked: letters, codes, reminders and spares."""
