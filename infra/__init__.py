"""What puts Headwater into a cloud: the template, the packages, and a cloud of one's own."""
