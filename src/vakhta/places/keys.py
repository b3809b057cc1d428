"""Keys that the stock is searched by, as the database keeps and compares them."""

from __future__ import annotations

from typing import Any

from django.db import models

_CAPITALS = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯё"
_FOLDED = "абвгдеежзийклмнопрстуфхцчшщъыьэюяе"


class FamilyKey(models.Func):
    """«Ёлкина Анна» → «елкина»: the first word, lower case, ё = е, whatever the database's collation."""

    template = f"lower(translate(split_part(%(expressions)s, ' ', 1), '{_CAPITALS}', '{_FOLDED}'))"
    output_field = models.CharField(max_length=160)


APOSTROPHES = "'’ʼ`"
_APART = f'{APOSTROPHES}-.,()"'
NAME_KEYS = f"""
CREATE FUNCTION places_name_keys() RETURNS trigger LANGUAGE plpgsql AS $keys$
DECLARE
    words text[] := string_to_array(btrim(regexp_replace(lower(translate(
        NEW.name, '{(_CAPITALS + _APART).replace("'", "''")}', '{_FOLDED + " " * len(_APART)}'
    )), '[[:space:]]+', ' ', 'g')), ' ');
BEGIN
    NEW.second_key := coalesce(words[2], '');
    NEW.third_key := coalesce(words[3], '');
    NEW.fourth_key := coalesce(words[4], '');
    RETURN NEW;
END $keys$;
CREATE TRIGGER name_keys BEFORE INSERT OR UPDATE ON places_person
FOR EACH ROW EXECUTE FUNCTION places_name_keys();
"""
"""Words of a name as `layouts.fold_key` splits them. A stored computed column would rewrite all rows under a lock."""


@models.CharField.register_lookup
class Begins(models.Lookup):
    """`key__begins="петр"`: a prefix by bytes. Unlike LIKE it may use its index under row-level
    security; the index needs `varchar_pattern_ops`."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key, params = self.process_lhs(compiler, connection)
        return f"({key} ~>=~ %s AND {key} ~<~ %s)", (*params, self.rhs, *params, f"{self.rhs}\U0010ffff")
