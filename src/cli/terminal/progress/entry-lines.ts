import type { NotCopiedReason } from "../../../events/composing.ts";
import type { EntryEvent, FoundEvent, ZipferryEvent } from "../../../events.ts";
import { isPortableName } from "../../../sources/names/portable-names.ts";
import { formatBytes, printable } from "../text.ts";

/** The line of an event for those who want to read of every entry. */
export function describeEntryEvent(event: ZipferryEvent): string | undefined {
	switch (event.type) {
		case "entry":
			return described(event.copied === true ? "copied" : "added", event, compression(event));
		case "found":
			return described("would add", event, event.size === undefined ? [] : [formatBytes(event.size)]);
		case "not-copied":
			return `not copied ${printable(event.name)}: ${NOT_COPIED[event.reason]}`;
		case "skipped":
			return `left out ${printable(event.origin)}: ${printable(event.reason)}`;
		case "renamed":
			return `renamed ${printable(event.from)} to ${printable(event.to)}`;
		default:
			return undefined;
	}
}

/** In words that go on behind its name. */
const NOT_COPIED: Readonly<Record<NotCopiedReason, string>> = {
	new: "not in the base",
	kind: "of another kind in the base",
	size: "its size has changed",
	mtime: "its time has changed",
	mode: "its mode has changed",
	content: "its content has changed",
	header: "its comment or another field has changed",
	ctime: "touched since the base was begun (ctime)",
	recent: "its time is that of the base, or later",
	unknown: "nothing tells whether it has changed",
	"small-run": "unchanged, with neighbours less than a part",
	"too-many-parts": "unchanged, the storage takes no more parts",
};

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
