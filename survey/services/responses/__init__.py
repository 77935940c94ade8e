"""What people say: accepted once, without the person."""
