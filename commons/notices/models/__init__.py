"""The tables of notices."""

from commons.notices.models.channel import Channel
from commons.notices.models.delivery import Delivery, DeliveryAttempt, Heartbeat
from commons.notices.models.links import Link

__all__ = ["Channel", "Delivery", "DeliveryAttempt", "Heartbeat", "Link"]
