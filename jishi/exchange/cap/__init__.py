"""公众预警: alerts to the public in the Common Alerting Protocol 1.2: drafted, approved, published, updated, cancelled."""  # noqa: E501
