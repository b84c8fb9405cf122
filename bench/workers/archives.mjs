/** What is predicted: objects of one size each. Who compresses gets half of it, at the price of the processor time. */
export const ARCHIVES = [
	{ title: "1 TB: 10,000 × 100 MB", entryCount: 10_000, size: 100e6, method: "store", ratio: 1 },
	{ title: "1 TB: 10,000 × 100 MB, DEFLATE", entryCount: 10_000, size: 100e6, method: "deflate", ratio: 0.5 },
	{ title: "100 GB: 1 million × 100 KB", entryCount: 1e6, size: 100e3, method: "store", ratio: 1 },
	{ title: "10 TB: 1 million × 10 MB", entryCount: 1e6, size: 10e6, method: "store", ratio: 1 },
	{ title: "10 TB: 1 million × 10 MB, DEFLATE", entryCount: 1e6, size: 10e6, method: "deflate", ratio: 0.5 },
	{
		title: "1 TB: 10 million × 100 KB, DEFLATE",
		entryCount: 1e7,
		size: 100e3,
		method: "deflate",
		ratio: 0.5,
	},
	{
		title: "10 TB: 100 million × 100 KB, DEFLATE",
		entryCount: 1e8,
		size: 100e3,
		method: "deflate",
		ratio: 0.5,
	},
];

export const WORKERS = [1, 4, 16, 64];
