-- A score's points are computed from touch days whenever somebody asks (docs/decisions/0040); only the sum is kept.

ALTER TABLE score DROP COLUMN breakdown;
