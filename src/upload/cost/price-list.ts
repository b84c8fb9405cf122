import type { ProviderName } from "../../s3/providers.ts";
import { LIST_PRICES } from "./list-prices.js";

/** A price in the currency of its list; `"unknown"` where none could be found, which is not the same as 0. */
export type Price = number | "unknown";

/** What a provider asks for objects of one storage class. */
export interface ClassPrices {
	/** A thousand PutObject, CopyObject or CompleteMultipartUpload. */
	readonly writePer1000: Price;
	/**
	 * A thousand CreateMultipartUpload, UploadPart or UploadPartCopy.
	 *
	 * @defaultValue `writePer1000`
	 */
	readonly partPer1000?: Price;
	/** A thousand UploadPartCopy, where they have a price of their own. */
	readonly copyPer1000?: Price;
	/** A thousand GetObject, HeadObject or HeadBucket. */
	readonly readPer1000: Price;
	/** A thousand lists: of objects, versions, uploads or parts. */
	readonly listPer1000: Price;
	/** A gigabyte that is kept for a month. */
	readonly gbMonth: Price;
	/** A gigabyte that is read or copied out of the class, besides its requests. */
	readonly retrievalGb: Price;
	/** Days that are billed at least, however soon an object is removed. */
	readonly leastDays: number;
	/** Bytes that are billed at least for an object. */
	readonly leastSize: number;
}

/** The list prices of a provider. */
export interface ProviderPrices {
	readonly provider: ProviderName;
	/** What the prices are of, and where: `Amazon S3, us-east-1`. */
	readonly title: string;
	/** ISO 4217. */
	readonly currency: "USD" | "EUR";
	/** Bytes of what the bill calls a gigabyte. */
	readonly gbSize: number;
	/** A gigabyte that leaves the network of the provider. */
	readonly transferGb: Price;
	/** The least that an account pays a month. */
	readonly leastMonth: Price;
	/** By the names that the storage has for them; objects that name none are `STANDARD`. */
	readonly classes: Readonly<Record<string, ClassPrices>>;
	/** The provider's own page. */
	readonly source: string;
	/** Where the prices were read, if it was not there. */
	readonly seenIn?: string;
}

/** List prices without discounts, free allowances and taxes. */
export interface PriceList {
	/** The day on which they were gathered, ISO 8601. */
	readonly date: string;
	readonly providers: readonly ProviderPrices[];
}

/** The class of objects that name none. */
export const USUAL_CLASS = "STANDARD";

/** The list that comes with this version. */
export const PRICE_LIST: PriceList = LIST_PRICES;

/** @returns `undefined` for storages that have no list of prices, such as one's own. */
export function pricesOf(provider: ProviderName, list: PriceList = PRICE_LIST): ProviderPrices | undefined {
	return list.providers.find((prices) => prices.provider === provider);
}
