"""Every write of Open311: keys, what is offered, what clients post; and errands to agencies that speak it."""
