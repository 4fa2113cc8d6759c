"""What goes out to forges and people, fed by an outbox."""
