import { formatNumber, inUnits } from "../../bytes/units.ts";

/** What moves the cursor, turns the direction of writing, cannot be seen, or ends a line in some readers. */
export const CONTROLS: RegExp = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * Text for a terminal or a log: control characters, among them the ones that move the cursor or set the
 * window title, become visible escapes. Names of files and messages of servers are not to be trusted.
 */
export function printable(text: string): string {
	return text.replace(CONTROLS, (character) => {
		const code = character.codePointAt(0) ?? 0;
		return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
	});
}

/** Bytes in three digits, binary, so that a line that is drawn again keeps its width: `1.40 GiB`. */
export function formatBytes(bytes: number): string {
	const { value, unit } = inUnits(bytes, 1000);
	return unit === undefined ? `${value} B` : `${value.toPrecision(3)} ${unit}`;
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
