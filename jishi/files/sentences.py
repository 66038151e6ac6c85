"""The sentences of this room's refusals."""

from django.utils.translation import gettext_lazy as _

from jishi.base.sentences import register

register(
    {
        "file_large": _("The file is larger than %(most)s MB. Take a smaller photo, or save the PDF smaller."),
        "file_empty": _("The file is empty. Choose it again."),
        "file_type": _("Only photos (JPEG, PNG, WebP) and PDF files are taken. Save it as one of these."),
        "file_broken": _("The file cannot be read. Open it yourself, save it again, and choose the copy."),
        "file_pixels": _("The photo has too many pixels. Save it smaller."),
        "file_gone": _("This photo was deleted and cannot be opened again."),
        "file_not_photo": _("Only photos can be covered and published. Choose a photo."),
        "bad_boxes": _("A covered place lies inside the photo and has a width and a height. Draw it again."),
        "file_locked": _("The PDF has a password. Save a copy without one."),
    }
)
