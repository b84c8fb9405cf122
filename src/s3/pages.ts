import { formatNumber } from "../bytes/units.ts";
import { UnexpectedAnswerError } from "./errors/sdk-error.ts";

/** A list that comes in pages. */
export interface PagedList<Page, Marker> {
	/** The things it lists, for messages: `uploads`. */
	readonly of: string;
	/** Asks for the page behind a marker; `undefined` for the first. */
	readonly ask: (marker: Marker | undefined) => Promise<Page>;
	/** The marker of the next page; `undefined` behind the last one, `"missing"` if there is more but no marker. */
	readonly next: (page: Page) => Marker | "missing" | undefined;
	/**
	 * How to treat a server that says there is more but gives a marker it has given before: to end the
	 * list, where what is missing is no harm, or to fail.
	 */
	readonly inCircles: "end" | "fail";
	/** Makes the error of a list that has no end. */
	readonly failure: (error: UnexpectedAnswerError) => unknown;
}

/** The most pages of a list, as a storage may always have one more: ten million names, a thousand a page. */
const MAX_PAGES = 10_000;

/** Goes through the pages of a list, one request each. */
export async function* pagesOf<Page, Marker>({
	of,
	ask,
	next,
	inCircles,
	failure,
}: PagedList<Page, Marker>): AsyncGenerator<Page, void, void> {
	const seen = new Set<string>();
	let marker: Marker | undefined;
	for (let count = 1; ; count++) {
		const page = await ask(marker);
		yield page;
		const following = next(page);
		if (following === undefined) return;
		const name = JSON.stringify(following);
		if (following === "missing" || seen.has(name)) {
			if (inCircles === "end") return;
			throw failure(
				new UnexpectedAnswerError(`the storage says that the list of ${of} continues, but not from where`),
			);
		}
		if (count === MAX_PAGES)
			throw failure(
				new UnexpectedAnswerError(
					`the list of ${of} does not end: there were ${formatNumber(MAX_PAGES)} pages of it`,
				),
			);
		seen.add(name);
		marker = following;
	}
}
