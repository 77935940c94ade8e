"""What this installation is made of, and under which licences: libraries, scripts of the pages, fonts."""
