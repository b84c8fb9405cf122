import { resolve } from "node:path";
import type { ZipferryEventListener } from "../../events.ts";
import { SOURCE_FIELDS } from "../../sources/options.ts";
import type { PathSource, Source } from "../../sources/source.ts";
import { isPathSource } from "../../sources/source-forms.ts";
import type { LayoutSettings } from "./layout-options.ts";

/** Of another kind of source than paths. */
const OF_STORAGES = "sourceStorage";

/**
 * Names all that a survey of paths depends on, but for what is there: the same for those who would see the same, and tell the same listener of
 * it.
 *
 * @returns `undefined` for sources that are more than paths.
 */
export function surveyKey(sources: readonly Source[], settings: LayoutSettings): string | undefined {
	const paths: string[] = [];
	for (const source of sources) {
		if (!isPath(source)) return undefined;
		paths.push(resolve(typeof source === "string" ? source : source.path));
	}
	const values = Object.entries(settings).filter(([name]) => name in SOURCE_FIELDS && name !== OF_STORAGES);
	const omitted = settings.omit.map((path) => resolve(path));
	return JSON.stringify([sources, paths, omitted, values, settings.comment, numberOf(settings.onEvent)]);
}

function isPath(source: Source): source is string | PathSource {
	return typeof source === "string" || isPathSource(source);
}

const numbers = new WeakMap<ZipferryEventListener, number>();
let lastNumber = 0;

function numberOf(listener: ZipferryEventListener): number {
	const known = numbers.get(listener);
	if (known !== undefined) return known;
	lastNumber += 1;
	numbers.set(listener, lastNumber);
	return lastNumber;
}
