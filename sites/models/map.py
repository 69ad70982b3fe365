"""How many places lie in each cell of the map, counted by the database itself as places come and go."""

from django.db import models


class MapCell(models.Model):
    """How many standing places, or pieces of evidence, of one kind lie in one cell (`rules.cells`), and where.

    Triggers on both tables keep it, so that no way of writing can forget it; nobody else writes here.
    """

    level = models.PositiveSmallIntegerField()
    y = models.IntegerField()
    x = models.IntegerField()
    kind = models.CharField(max_length=20)
    count = models.IntegerField()
    # Sums in millionths of a degree: divided by the count they are the middle of what lies there.
    latitudes = models.BigIntegerField()
    longitudes = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "y", "x", "kind"], name="map_cell_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.y}/{self.x} {self.kind}"
