import { formatNumber } from "../../bytes/units.ts";

export { formatNumber };

/**
 * Text for a terminal or a log: control characters, among them the ones that move the cursor or set the
 * window title, become visible escapes. Names of files and messages of servers are not to be trusted.
 */
export function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
		const code = character.codePointAt(0) ?? 0;
		return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
	});
}

/** Bytes as people read them, binary units: `1.4 GiB`. */
export function formatBytes(bytes: number): string {
	const units = ["B", "KiB", "MiB", "GiB", "TiB"];
	let value = bytes;
	let unit = 0;
	while (value >= 1000 && unit < units.length - 1) {
		value /= 1024;
		unit += 1;
	}
	return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/** Seconds as `m:ss` or `h:mm:ss`. */
export function formatSeconds(seconds: number): string {
	const whole = Math.round(seconds);
	const minutes = Math.floor(whole / 60) % 60;
	const hours = Math.floor(whole / 3600);
	const tail = `${String(whole % 60).padStart(2, "0")}`;
	return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
	return `${formatNumber(count)} ${count === 1 ? singular : plural}`;
}
