"""Sign-off: keys, notes and signatures by which partners seal a period, and anybody checks it without trusting them."""
