const WRITERS = [
	"archiver",
	"yazl",
	"zip-stream",
	"client-zip",
	"zip.js",
	"node:zlib",
	"zipstream",
	"zipstream-ng",
];
const PROGRAMS = ["zip", "bsdtar", "Go archive/zip"];
const CREATE = ["zipferry", ...WRITERS, ...PROGRAMS];
const UPLOAD = ["zipferry", "zipferry lib-storage", ...WRITERS, "zip | aws"];

/**
 * What is measured: a data set, a method, and whether the archive goes to /dev/null or into a bucket. The
 * first peer is the one in question, `reference` the one that ratios are to; `--quick` takes `quick`.
 */
export const WORKS = {
	"text-create": {
		title: "330 MB text, DEFLATE, create",
		data: "text",
		method: "deflate",
		action: "create",
		peers: [...CREATE, "pigz -p2"],
		reference: "pigz -p2",
		quick: ["zipferry", "pigz -p2", "archiver", "zip"],
	},
	"text-upload": {
		title: "330 MB text, DEFLATE, upload",
		data: "text",
		method: "deflate",
		action: "upload",
		peers: UPLOAD,
		reference: "archiver",
		quick: ["zipferry", "archiver", "zip | aws"],
	},
	"small-upload": {
		title: "20,000 small files, DEFLATE, upload",
		data: "small-20k",
		method: "deflate",
		action: "upload",
		peers: UPLOAD,
		reference: "archiver",
		quick: ["zipferry", "archiver", "zip | aws"],
	},
	"small-create": {
		title: "20,000 small files, DEFLATE, create",
		data: "small-20k",
		method: "deflate",
		action: "create",
		peers: CREATE,
		reference: "archiver",
	},
	"many-create": {
		title: "100,000 small files, DEFLATE, create",
		data: "small-100k",
		method: "deflate",
		action: "create",
		peers: ["zipferry", "yazl", "zip", "bsdtar", "Go archive/zip"],
		reference: "zip",
	},
	"random-upload": {
		title: "2 GiB random, STORE, upload",
		data: "random",
		method: "store",
		action: "upload",
		peers: UPLOAD,
		reference: "zip | aws",
		quick: ["zipferry", "archiver", "zip | aws"],
	},
	"random-create": {
		title: "2 GiB random, STORE, create",
		data: "random",
		method: "store",
		action: "create",
		peers: CREATE,
		reference: "archiver",
	},
	"mixed-create": {
		title: "400 MB mixed tree, auto, create",
		data: "mixed",
		method: "auto",
		action: "create",
		peers: ["zipferry", "zipferry deflate", ...WRITERS, ...PROGRAMS],
		reference: "archiver",
		quick: ["zipferry", "zipferry deflate", "archiver", "zip"],
	},
	objects: {
		title: "10,000 objects of 20 KiB that are 50 ms away, create",
		data: "objects-10k",
		method: "auto",
		action: "create-from-bucket",
		delayMs: 50,
		rounds: 1, // one object after the other takes ten minutes
		peers: ["zipferry", "archiver"],
		reference: "archiver",
	},
	download: {
		title: "2 GiB in files of 20 MiB, a download",
		data: "films",
		method: "store",
		action: "download",
		peers: ["zipferry", "archiver"],
		reference: "archiver",
	},
	"small-extract": {
		title: "20,000 small files, extract",
		data: "small-20k",
		action: "extract",
		peers: ["zipferry", "unzip", "bsdtar", "7z", "python"],
		reference: "unzip",
		quick: ["zipferry", "unzip"],
	},
	"bucket-extract": {
		title: "10,000 files, extract from a bucket",
		data: "tree-10k",
		action: "extract-from-bucket",
		peers: ["zipferry", "aws, unzip"],
		reference: "aws, unzip",
		quick: ["zipferry", "aws, unzip"],
	},
	"distant-extract": {
		title: "10,000 files, extract from a bucket that is 30 ms away",
		data: "tree-10k",
		action: "extract-from-bucket",
		delayMs: 30,
		peers: ["zipferry", "aws, unzip"],
		reference: "aws, unzip",
		quick: ["zipferry", "aws, unzip"],
	},
	"store-upload-tls": {
		title: "2 GiB random, STORE, upload over TLS",
		data: "random",
		method: "store",
		action: "upload",
		tls: true,
		peers: UPLOAD,
		reference: "zip | aws",
		quick: ["zipferry", "archiver", "zip | aws"],
	},
	"text-upload-tls": {
		title: "330 MB text, DEFLATE, upload over TLS",
		data: "text",
		method: "deflate",
		action: "upload",
		tls: true,
		peers: UPLOAD,
		reference: "archiver",
	},
	"small-upload-tls": {
		title: "20,000 small files, DEFLATE, upload over TLS",
		data: "small-20k",
		method: "deflate",
		action: "upload",
		tls: true,
		peers: UPLOAD,
		reference: "archiver",
	},
	"upload-30ms": {
		title: "512 MiB random, STORE, upload, 30 ms away, 25 MB/s a connection",
		data: "random",
		share: 0.25,
		method: "store",
		action: "upload",
		tls: true,
		line: { rttMs: 30, bytesPerSecond: 25e6 },
		peers: ["zipferry", "archiver", "zip | aws"],
		reference: "zip | aws",
	},
	"upload-150ms": {
		title: "512 MiB random, STORE, upload, 150 ms away, 10 MB/s a connection",
		data: "random",
		share: 0.25,
		method: "store",
		action: "upload",
		tls: true,
		line: { rttMs: 150, bytesPerSecond: 10e6 },
		peers: ["zipferry", "archiver", "zip | aws"],
		reference: "zip | aws",
	},
	"little-150ms": {
		title: "1 MiB, STORE, upload, 150 ms away",
		data: "random",
		share: 1 / 2048,
		method: "store",
		action: "upload",
		tls: true,
		line: { rttMs: 150, bytesPerSecond: 10e6 },
		peers: ["zipferry", "archiver", "zip | aws"],
		reference: "zip | aws",
	},
};

/** What must hold: `peer ÷ reference` of the metric, or the peer's own figure, is at most this. */
export const BARS = [
	{ work: "text-upload", metric: "wall", reference: "archiver", atMost: 0.5 },
	{ work: "text-create", metric: "wall", reference: "pigz -p2", atMost: 1.1 },
	{ work: "small-upload", metric: "wall", reference: "archiver", atMost: 0.1 },
	{ work: "small-upload", metric: "wall", reference: "zip | aws", atMost: 1 },
	{ work: "random-upload", metric: "wall", reference: "zip | aws", atMost: 0.4 },
	{ work: "mixed-create", metric: "cpu", reference: "archiver", atMost: 0.25 },
	{ work: "objects", metric: "wall", reference: "archiver", atMost: 0.04 },
	{ work: "small-extract", metric: "wall", reference: "unzip", atMost: 1.2 },
	{ work: "bucket-extract", metric: "wall", reference: "aws, unzip", atMost: 0.8 },
	{ work: "distant-extract", metric: "wall", reference: "aws, unzip", atMost: 0.6 },
	{ work: "mixed-create", metric: "size", reference: "zipferry deflate", atMost: 1.02 },
];

/** MiB that zipferry takes at most, whatever it does. */
export const MEMORY_BAR = 230;

/** CPU per entry of the most entries, against that of the fewest. */
export const ENTRIES_BAR = 1.3;
