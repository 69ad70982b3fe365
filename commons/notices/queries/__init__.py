"""What pages and checks need to know of notices; read only."""

from commons.notices.queries.carrying import carrying_stopped
from commons.notices.queries.channels import channels_of, ways

__all__ = ["carrying_stopped", "channels_of", "ways"]
