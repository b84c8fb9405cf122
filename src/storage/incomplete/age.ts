/** A time span in the largest unit that keeps it readable: `40 s`, `5 h`, `3 d`. */
export function describeAge(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000);
	if (seconds < 120) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 120) return `${minutes} min`;
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
