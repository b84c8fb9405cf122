import type { EntryEvent, FoundEvent, ZipferryEvent } from "../../../events.ts";
import { isPortableName } from "../../../sources/names/portable-names.ts";
import { formatBytes, printable } from "../text.ts";

/** The line of an event for those who want to read of every entry. */
export function describeEntryEvent(event: ZipferryEvent): string | undefined {
	switch (event.type) {
		case "entry":
			return described("added", event, compression(event));
		case "found":
			return described("would add", event, event.size === undefined ? [] : [formatBytes(event.size)]);
		case "skipped":
			return `left out ${printable(event.origin)}: ${printable(event.reason)}`;
		case "renamed":
			return `renamed ${printable(event.from)} to ${printable(event.to)}`;
		default:
			return undefined;
	}
}

function described(done: string, { kind, name }: EntryEvent | FoundEvent, size: readonly string[]): string {
	const facts = [
		...(kind === "symlink" ? ["link"] : []),
		...(kind === "file" ? size : []),
		...(isPortableName(Buffer.from(name, "utf8")) ? [] : [UNPORTABLE]),
	];
	return `${done} ${printable(name)}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
}

const UNPORTABLE = "the name will not open on Windows or in strict readers";

function compression({ method, uncompressedSize, compressedSize }: EntryEvent): readonly string[] {
	const size = formatBytes(uncompressedSize);
	if (method === "stored" || uncompressedSize === 0) return [size, method];
	return [size, `${method} to ${Math.max(1, Math.round((100 * compressedSize) / uncompressedSize))}%`];
}
