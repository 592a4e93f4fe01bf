"""What others see of warmline over HTTP: health, metrics, and the doors for webhooks."""
