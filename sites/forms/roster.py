"""An uploaded list of people: bytes → rows, or a sentence about what is wrong with the file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sites.queries.roster_words import unreadable
from sites.rules import sheet


class RosterForm(forms.Form):
    """One file, read and never kept as it came."""

    file = forms.FileField(
        label=_("Your list"),
        help_text=_("A CSV file of at most 2 MB and 5,000 rows, from any spreadsheet program (“Save as” → CSV)."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
        allow_empty_file=True,
        max_length=255,
    )

    def clean_file(self) -> sheet.Sheet:
        """Read it whole, once it is known to be small."""
        upload: Any = self.cleaned_data["file"]
        try:
            if upload.size > sheet.BYTES_MOST:
                raise sheet.SheetRefused(sheet.Unreadable.TOO_BIG)
            return sheet.read(upload.read())
        except sheet.SheetRefused as refused:
            raise forms.ValidationError(unreadable(refused)) from None
