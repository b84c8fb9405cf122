import type { ProviderName } from "../../s3/providers.ts";
import {
	type ClassPrices,
	PRICE_LIST,
	type Price,
	type PriceList,
	type ProviderPrices,
	pricesOf,
	USUAL_CLASS,
} from "./price-list.ts";
import {
	BILLED_REQUESTS,
	type BilledRequest,
	planTraffic,
	type UploadFacts,
	type UploadTraffic,
} from "./upload-requests.ts";

/** What an upload and its archive come to by list prices, at most. `"unknown"` where a price that counts is not known. */
export interface CostEstimate {
	/** Whose prices they are. */
	readonly provider: ProviderName;
	/** What the prices are of: `Amazon S3, us-east-1`. */
	readonly title: string;
	/** Of the archive, as the storage calls it; what is read and copied is taken to be of the same. */
	readonly storageClass: string;
	/** Of all amounts, ISO 4217. */
	readonly currency: "USD" | "EUR";
	/** For the requests. */
	readonly requests: Price;
	/** For reading and copying out of the storage class. */
	readonly retrieval: Price;
	/** For bytes that come here, if this machine is outside of the provider's network. */
	readonly transfer: Price;
	/** These three together. */
	readonly once: Price;
	/** For the archive, each month that it is kept. */
	readonly month: Price;
	/** The least that an account pays a month, whatever it has. */
	readonly leastMonth: Price;
	/** Days that are billed at least, however soon the archive is removed; 0 for none. */
	readonly leastDays: number;
	/** For these days. */
	readonly leastKept: Price;
	/** The provider's page. */
	readonly source: string;
}

/** What an upload does, counted as storages bill it: at most, if nothing has to be repeated. */
export interface UploadCost extends UploadTraffic {
	/** The day of the list prices, ISO 8601. */
	readonly pricesOf: string;
	/** At the storage that the upload goes to; `undefined` if it has no list of prices, or none of the class. */
	readonly here: CostEstimate | undefined;
	/** At the other providers in the list that have the class. */
	readonly elsewhere: readonly CostEstimate[];
}

/** What it costs is settled by these. */
export interface CostTarget {
	readonly provider: ProviderName;
	/** By default that of objects that name none. */
	readonly storageClass?: string | undefined;
}

/** Counts what an upload does, and prices it. Pure. */
export function planCost(
	facts: UploadFacts,
	{ provider, storageClass = USUAL_CLASS }: CostTarget,
	list: PriceList = PRICE_LIST,
): UploadCost {
	const traffic = planTraffic(facts);
	const own = pricesOf(provider, list);
	const estimate = (prices: ProviderPrices) => estimateCost(traffic, facts.size, prices, storageClass);
	return {
		...traffic,
		pricesOf: list.date,
		here: own === undefined ? undefined : estimate(own),
		elsewhere: list.providers.filter((prices) => prices !== own).flatMap((prices) => estimate(prices) ?? []),
	};
}

/**
 * What traffic comes to at a provider, and an archive of this size.
 *
 * @returns `undefined` if there are no prices of the class.
 */
function estimateCost(
	{ requests, copiedSize, readSize }: UploadTraffic,
	size: number,
	prices: ProviderPrices,
	storageClass: string,
): CostEstimate | undefined {
	const { provider, title, currency, gbSize, transferGb, leastMonth, source } = prices;
	const own = prices.classes[storageClass];
	if (own === undefined) return undefined;
	const asked = total(BILLED_REQUESTS.map((kind) => times(requests[kind] / 1_000, priceOf(kind, own))));
	const retrieval = times((copiedSize + readSize) / gbSize, own.retrievalGb);
	const transfer = times(readSize / gbSize, transferGb);
	const month = monthOf(size, prices, own);
	return {
		...{ provider, title, storageClass, currency },
		...{ requests: asked, retrieval, transfer, once: total([asked, retrieval, transfer]) },
		...{ month, leastMonth, leastDays: own.leastDays, leastKept: times(own.leastDays / MONTH_DAYS, month) },
		source,
	};
}

/** What providers bill as a month of storage. */
const MONTH_DAYS = 30;

/** What an object costs for each month. */
function monthOf(size: number, { gbSize }: ProviderPrices, { leastSize, gbMonth }: ClassPrices): Price {
	return times(Math.max(size, leastSize) / gbSize, gbMonth);
}

/**
 * What is billed for days on which an object is not there any more.
 *
 * @param days - For which it was there.
 */
export function earlyDeletionFee(
	size: number,
	days: number,
	prices: ProviderPrices,
	own: ClassPrices,
): Price {
	const missing = Math.max(0, own.leastDays - days);
	return times(missing / MONTH_DAYS, monthOf(size, prices, own));
}

function priceOf(kind: BilledRequest, prices: ClassPrices): Price {
	const { writePer1000, partPer1000 = writePer1000, copyPer1000 = partPer1000 } = prices;
	switch (kind) {
		case "PutObject":
		case "CompleteMultipartUpload":
			return writePer1000;
		case "CreateMultipartUpload":
		case "UploadPart":
			return partPer1000;
		case "UploadPartCopy":
			return copyPer1000;
		case "HeadBucket":
		case "HeadObject":
		case "GetObject":
			return prices.readPer1000;
		case "ListObjectsV2":
		case "ListMultipartUploads":
		case "ListParts":
			return prices.listPer1000;
	}
	return kind satisfies never;
}

/** Nothing of something costs nothing, whatever its price. */
function times(count: number, price: Price): Price {
	if (count === 0) return 0;
	return price === "unknown" ? "unknown" : count * price;
}

function total(prices: readonly Price[]): Price {
	let sum = 0;
	for (const price of prices) {
		if (price === "unknown") return "unknown";
		sum += price;
	}
	return sum;
}
