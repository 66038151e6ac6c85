"""What stands at the other end: mail servers, robots, webhooks and gateways of stations, installed apps of staff."""
