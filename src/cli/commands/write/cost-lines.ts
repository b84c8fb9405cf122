import { formatNumber } from "../../../bytes/units.ts";
import type { CostEstimate, UploadCost } from "../../../upload/cost/plan-cost.ts";
import type { Price } from "../../../upload/cost/price-list.ts";
import { BILLED_REQUESTS } from "../../../upload/cost/upload-requests.ts";
import { formatBytes } from "../../terminal/text.ts";

/** What an upload moves and costs, one fact a line. */
export function costLines(cost: UploadCost | undefined, provider: string): readonly string[] {
	if (cost === undefined) return ["cost        unknown, as a source has no known size"];
	const { requests, sentSize, copiedSize, readSize, here } = cost;
	const kinds = BILLED_REQUESTS.filter((kind) => requests[kind] > 0);
	const moved = [
		`${formatBytes(sentSize)} sent`,
		...(copiedSize === 0 ? [] : [`${formatBytes(copiedSize)} copied by the storage`]),
		...(readSize === 0 ? [] : [`${formatBytes(readSize)} read from it`]),
	];
	const asked = kinds.map((kind) => `${formatNumber(requests[kind])} ${kind}`);
	return [
		...wrapped("requests    at most ", asked),
		...wrapped("moves       at most ", moved),
		...(here === undefined ? [withoutPrices(cost, provider)] : estimateLines(here, cost.pricesOf)),
	];
}

/** Columns of the narrowest usual terminal. */
const WIDTH = 80;
/** Where the facts stand. */
const INDENT = " ".repeat(12);

/** Words behind a beginning, as many a line as fit. */
function wrapped(start: string, words: readonly string[]): readonly string[] {
	const lines: string[] = [];
	let line = start;
	for (const [index, word] of words.entries()) {
		const piece = index + 1 < words.length ? `${word},` : word;
		const isFirst = line === start || line === INDENT;
		if (!isFirst && line.length + 1 + piece.length > WIDTH) {
			lines.push(line);
			line = INDENT + piece;
		} else line += isFirst ? piece : ` ${piece}`;
	}
	return [...lines, line];
}

function withoutPrices({ elsewhere }: UploadCost, provider: string): string {
	const others = elsewhere.length === 0 ? "" : "; --json has what others ask";
	return `cost        no list prices of provider ${provider} and this storage class${others}`;
}

function estimateLines(
	{ title, storageClass, currency, once, month, leastMonth, leastDays, leastKept }: CostEstimate,
	date: string,
): readonly string[] {
	const money = (price: Price) => formatMoney(price, currency);
	const least =
		leastMonth === 0 || leastMonth === "unknown" ? "" : `, an account at least ${money(leastMonth)}`;
	return [
		`cost        at most ${money(once)} once and ${money(month)} a month${least}`,
		...(leastDays === 0
			? []
			: [`at least    ${leastDays} days are billed, ${money(leastKept)}, also if it is removed sooner`]),
		`prices      ${title}, ${storageClass}, list of ${date}`,
	];
}

/** Rounded up to cents; less than ten of them to two digits, of which none is behind the fourth place: `$0.0072`. */
export function formatMoney(price: Price, currency: CostEstimate["currency"]): string {
	if (price === "unknown") return "an unknown amount";
	const sign = currency === "USD" ? "$" : "€";
	if (price === 0) return `${sign}0`;
	const digits = price >= 100 ? 0 : Math.max(2, Math.min(4, 1 - Math.floor(Math.log10(price))));
	const scale = 10 ** digits;
	// Sums of prices have digits behind the 12th that nobody has written.
	const rounded = Math.ceil(Number((price * scale).toPrecision(12))) / scale;
	return sign + (digits === 0 ? formatNumber(rounded) : rounded.toFixed(digits));
}
