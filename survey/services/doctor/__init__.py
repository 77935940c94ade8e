"""What can be wrong with an installation, each point looked at on its own: `examination` gathers them all."""
