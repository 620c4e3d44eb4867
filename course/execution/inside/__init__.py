"""What runs inside the sandbox. It imports nothing of the course but its own neighbours."""
