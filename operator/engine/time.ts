// SPDX-License-Identifier: Apache-2.0

const MS_PER_DAY = 86_400_000;
const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?Z$/;

interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** RFC 3339 text in UTC with milliseconds, from milliseconds since 1970; years 0 to 9999. */
export function toIso(ms: number): string {
  const { year, month, day } = civilFromDays(Math.floor(ms / MS_PER_DAY));
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${clockOf(ms)}.${pad(mod(ms, 1000), 3)}Z`;
}

/** Milliseconds since 1970 of an RFC 3339 text in UTC, as the API server and toIso write it; NaN for anything else. */
export function fromIso(text: string | undefined): number {
  const found = ISO.exec(text ?? '');
  if (!found) return Number.NaN;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1, 7).map(Number);
  const millis = Number((found[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const days = daysFromCivil({ year, month, day });
  return days * MS_PER_DAY + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
}

/** `14:08:42` in UTC, for sentences. */
export function clockOf(ms: number): string {
  const seconds = Math.floor(mod(ms, MS_PER_DAY) / 1000);
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}

/** Days since 1970-01-01 of a civil date; Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function daysFromCivil({ year, month, day }: CivilDate): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The inverse of daysFromCivil, from the same source. */
function civilFromDays(days: number): CivilDate {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function mod(value: number, base: number): number {
  return ((Math.floor(value) % base) + base) % base;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
