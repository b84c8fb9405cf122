const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const MONTH = `(?<month>${MONTHS.join("|")})`;

/** The three forms of RFC 9110, 5.6.7. The last two are obsolete, and have to be understood. */
const FORMS = [
	String.raw`[A-Z][a-z]{2}, (?<day>\d\d) ${MONTH} (?<year>\d{4}) ${TIME} GMT`,
	String.raw`[A-Z][a-z]+day, (?<day>\d\d)-${MONTH}-(?<year>\d\d) ${TIME} GMT`,
	String.raw`[A-Z][a-z]{2} ${MONTH} (?<day>[ \d]\d) ${TIME} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/** The time of a header, milliseconds since 1970-01-01 UTC; `undefined` for what is no date. */
export function parseHttpDate(text: string): number | undefined {
	for (const form of FORMS) {
		const fields = form.exec(text)?.groups;
		if (fields === undefined) continue;
		const { year = "", month = "", day, hour, minute, second } = fields;
		return Date.UTC(
			fullYear(year),
			MONTHS.indexOf(month),
			Number(day),
			Number(hour),
			Number(minute),
			Number(second),
		);
	}
	return undefined;
}

/** Two digits are of the last hundred years, or of the fifty to come (RFC 9110, 5.6.7). */
function fullYear(digits: string): number {
	if (digits.length === 4) return Number(digits);
	const thisYear = new Date().getUTCFullYear();
	const year = thisYear - (thisYear % 100) + Number(digits);
	return year > thisYear + 50 ? year - 100 : year;
}

/** The form that headers have, to the second. */
export function formatHttpDate(ms: number): string {
	return new Date(ms).toUTCString();
}
