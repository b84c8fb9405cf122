// Plain JavaScript, as the programs in bench/ read it as well. Change prices here: nothing else knows one.
//
// List prices without discounts, free allowances, taxes or transfer between regions. `source` is the provider's own page, `seenIn` where
// its prices were read if that page could not be. What could not be found is "unknown": it is never guessed, and output says so.

const KIB = 1024;
const GIB = 1024 ** 3;

/** No requests are billed, and nothing for reading. */
const REQUESTS_FREE = { writePer1000: 0, readPer1000: 0, listPer1000: 0, retrievalGb: 0 };
const NO_LEAST = { leastDays: 0, leastSize: 0 };

/** @type {import("./price-list.ts").PriceList} */
export const LIST_PRICES = {
	date: "2026-11-26",
	providers: [
		{
			provider: "aws",
			title: "Amazon S3, us-east-1",
			currency: "USD",
			gbSize: GIB,
			transferGb: 0.09, // the first 10 TB a month; nothing within the region
			leastMonth: 0,
			classes: {
				STANDARD: {
					...{ writePer1000: 0.005, readPer1000: 0.0004, listPer1000: 0.005 },
					...{ gbMonth: 0.023, retrievalGb: 0, ...NO_LEAST },
				},
				// As long as it is in the tier of frequent access, and without its fee for watching: 0.0000025 an object.
				INTELLIGENT_TIERING: {
					...{ writePer1000: 0.005, readPer1000: 0.0004, listPer1000: 0.005 },
					...{ gbMonth: 0.023, retrievalGb: 0, ...NO_LEAST },
				},
				STANDARD_IA: {
					...{ writePer1000: 0.01, readPer1000: 0.001, listPer1000: 0.005 },
					...{ gbMonth: 0.0125, retrievalGb: 0.01, leastDays: 30, leastSize: 128 * KIB },
				},
				ONEZONE_IA: {
					...{ writePer1000: 0.01, readPer1000: 0.001, listPer1000: 0.005 },
					...{ gbMonth: 0.01, retrievalGb: 0.01, leastDays: 30, leastSize: 128 * KIB },
				},
				GLACIER_IR: {
					...{ writePer1000: 0.02, readPer1000: 0.01, listPer1000: 0.005 },
					...{ gbMonth: 0.004, retrievalGb: 0.03, leastDays: 90, leastSize: 128 * KIB },
				},
				// Beginning an upload and its parts are billed as of STANDARD, and only its end as of the class. Reading needs a restore first.
				GLACIER: {
					...{ writePer1000: 0.03, partPer1000: 0.005, readPer1000: 0.0004, listPer1000: 0.005 },
					...{ gbMonth: 0.0036, retrievalGb: 0.01, leastDays: 90, leastSize: 0 },
				},
				DEEP_ARCHIVE: {
					...{ writePer1000: 0.05, partPer1000: 0.005, readPer1000: 0.0004, listPer1000: 0.005 },
					...{ gbMonth: 0.00099, retrievalGb: 0.02, leastDays: 180, leastSize: 0 },
				},
			},
			source: "https://aws.amazon.com/s3/pricing/",
			seenIn: "https://www.usage.ai/blogs/aws/storage-cost/glacier-deep-archive-pricing/",
		},
		{
			provider: "r2",
			title: "Cloudflare R2",
			currency: "USD",
			gbSize: 1e9,
			transferGb: 0,
			leastMonth: 0,
			classes: {
				STANDARD: {
					...{ writePer1000: 0.0045, readPer1000: 0.00036, listPer1000: 0.0045 },
					...{ gbMonth: 0.015, retrievalGb: 0, ...NO_LEAST },
				},
				STANDARD_IA: {
					...{ writePer1000: 0.009, readPer1000: 0.0009, listPer1000: 0.009 },
					...{ gbMonth: 0.01, retrievalGb: 0.01, leastDays: 30, leastSize: 0 },
				},
			},
			source: "https://developers.cloudflare.com/r2/pricing/",
		},
		{
			provider: "b2",
			title: "Backblaze B2",
			currency: "USD",
			gbSize: 1e9,
			transferGb: 0.01, // beyond three times of what is stored
			leastMonth: 0,
			classes: { STANDARD: { ...REQUESTS_FREE, ...NO_LEAST, gbMonth: 0.00695 } },
			source: "https://www.backblaze.com/cloud-storage/pricing",
			seenIn: "https://github.com/BRF-Tech/filex/blob/main/docs/USAGE.md",
		},
		{
			provider: "wasabi",
			title: "Wasabi, pay as you go",
			currency: "USD",
			gbSize: GIB,
			transferGb: 0, // up to what is stored
			leastMonth: 7.99,
			// 7.99 a TB of 1,024 GB.
			classes: {
				STANDARD: { ...REQUESTS_FREE, gbMonth: 7.99 / 1024, leastDays: 90, leastSize: 4 * KIB },
			},
			source: "https://wasabi.com/pricing",
			seenIn: "https://docs.wasabi.com/v1/docs/how-does-wasabis-minimum-storage-duration-policy-work",
		},
		{
			provider: "linode",
			title: "Akamai (Linode) Object Storage",
			currency: "USD",
			gbSize: 1e9,
			transferGb: "unknown",
			leastMonth: 5, // with 250 GB
			classes: { STANDARD: { ...REQUESTS_FREE, ...NO_LEAST, gbMonth: 0.02 } },
			source: "https://www.akamai.com/cloud/pricing",
			seenIn: "https://www.linode.com/docs/products/storage/object-storage/",
		},
		{
			provider: "spaces",
			title: "DigitalOcean Spaces",
			currency: "USD",
			gbSize: GIB,
			transferGb: 0.01, // beyond 1 TiB a month
			leastMonth: 5, // with 250 GiB
			classes: { STANDARD: { ...REQUESTS_FREE, ...NO_LEAST, gbMonth: 0.02 } },
			source: "https://www.digitalocean.com/pricing/spaces-object-storage",
			seenIn:
				"https://www.digitalocean.com/community/questions/prices-explanation-5-per-space-or-5-for-spaces",
		},
		{
			provider: "scaleway",
			title: "Scaleway Object Storage",
			currency: "EUR",
			gbSize: 1e9,
			transferGb: "unknown",
			leastMonth: 0,
			classes: {
				STANDARD: { ...REQUESTS_FREE, ...NO_LEAST, gbMonth: "unknown" },
				ONEZONE_IA: { ...REQUESTS_FREE, ...NO_LEAST, gbMonth: "unknown" },
			},
			source: "https://www.scaleway.com/en/pricing/storage/",
		},
	],
};
