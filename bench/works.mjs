import zlib from "node:zlib";
import { worksOfKinds } from "./kinds.mjs";

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

/** An upload over a long line. */
const FAR = {
	data: "random",
	method: "store",
	action: "upload",
	tls: true,
	peers: ["zipferry", "archiver", "zip | aws"],
	reference: "zip | aws",
};

/**
 * What is measured: a data set, a method, and whether the archive goes to /dev/null or into a bucket. The
 * first peer is the one in question, `reference` the one that ratios are to. `missing` says why nobody can do it here. `--quick`, `--bars` and `--range` take
 * those with a list of peers of that name, `--bars` those of `--quick` as well.
 */
export const WORKS = {
	...worksOfKinds({
		"text-create": {
			peers: [...CREATE, "pigz -p2"],
			reference: "pigz -p2",
			quick: ["zipferry", "pigz -p2", "archiver", "zip"],
			bars: ["zipferry", "pigz -p2", "zip"],
		},
		"text-upload": { peers: UPLOAD, quick: ["zipferry", "archiver", "zip | aws"] },
		"tiny-create": { bars: ["zipferry", "zip"] },
		"small-create": { peers: CREATE, bars: ["zipferry", "zip"] },
		"small-upload": { peers: UPLOAD, quick: ["zipferry", "archiver", "zip | aws"] },
		"varied-create": { quick: ["zipferry", "zip"] },
		"varied-upload": { bars: ["zipferry", "archiver", "zip | aws"] },
		"logs-create": { peers: ["zipferry", "zip", "pigz -p2"], bars: ["zipferry", "zip", "pigz -p2"] },
		"mixed-create": {
			peers: ["zipferry", "zipferry deflate", ...WRITERS, ...PROGRAMS],
			reference: "archiver",
			quick: ["zipferry", "zipferry deflate", "archiver", "zip"],
			bars: ["zipferry", "zipferry deflate", "archiver"],
		},
		"films-upload": { bars: ["zipferry", "zip | aws"] },
		"random-create": { peers: CREATE },
		"random-upload": { peers: UPLOAD, quick: ["zipferry", "archiver", "zip | aws"] },
		"sparse-create": { range: undefined }, // the same as its upload, which is what an image is made for
		"sparse-upload": { peers: ["zipferry", "zip | aws"], range: ["zipferry", "zip | aws"] },
	}),
	"many-create": {
		title: "100,000 small files, DEFLATE, create",
		data: "small-100k",
		method: "deflate",
		action: "create",
		peers: ["zipferry", "yazl", "zip", "bsdtar", "Go archive/zip"],
		reference: "zip",
	},
	"text-zstd": {
		title: "330 MB text, Zstandard, create",
		data: "text",
		method: "zstd",
		action: "create",
		missing: zlib.createZstdCompress ? undefined : "Node 22.15, 23.8 or later is needed",
		peers: ["zipferry", "zipferry level 3", "zipferry deflate"],
		reference: "zipferry deflate",
		bars: ["zipferry", "zipferry deflate"],
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
	"mixed-upload-tls": {
		title: "400 MB mixed, auto, upload over TLS",
		data: "mixed",
		method: "auto",
		action: "upload",
		tls: true,
		peers: ["zipferry", "zip | aws"],
		reference: "zip | aws",
		bars: ["zipferry", "zip | aws"],
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
		...FAR,
		title: "512 MiB random, STORE, upload, 30 ms away, 25 MB/s a connection",
		share: 0.25,
		line: { rttMs: 30, bytesPerSecond: 25e6 },
	},
	"upload-150ms": {
		...FAR,
		title: "512 MiB random, STORE, upload, 150 ms away, 10 MB/s a connection",
		share: 0.25,
		line: { rttMs: 150, bytesPerSecond: 10e6 },
	},
	"little-150ms": {
		...FAR,
		title: "1 MiB, STORE, upload, 150 ms away",
		share: 1 / 2048,
		line: { rttMs: 150, bytesPerSecond: 10e6 },
	},
};

/**
 * The works that are asked for, as `{ name, peers }`.
 *
 * @param sets - `{ quick, bars, range }`, each true or not; without any, all works and all peers.
 * @param only - Peers, if not all of these.
 * @param names - Works, if not all of these.
 */
export function chooseWorks(sets, only, names = Object.keys(WORKS)) {
	const few = Object.values(sets).includes(true);
	return names
		.map((name) => ({ name, peers: few ? peersIn(sets, WORKS[name]) : WORKS[name].peers }))
		.map(({ name, peers }) => ({
			name,
			peers: peers.filter((peer) => only === undefined || only.includes(peer)),
		}))
		.filter(({ peers }) => peers.length > 0);
}

function peersIn({ quick, bars, range }, work) {
	const lists = [quick && work.quick, bars && (work.bars ?? work.quick), range && work.range];
	return [...new Set(lists.flatMap((list) => list || []))];
}

/** What must hold: `peer ÷ reference` of the metric, or the peer's own figure, is at most this. */
export const BARS = [
	...["small-create", "varied-create", "tiny-create"].flatMap((work) => [
		{ work, metric: "wall", reference: "zip", atMost: 0.7 },
		{ work, metric: "cpu", reference: "zip", atMost: 1.25 },
	]),
	...["small-upload", "varied-upload"].flatMap((work) => [
		{ work, metric: "wall", reference: "zip | aws", atMost: 0.65 },
		{ work, metric: "wall", reference: "archiver", atMost: 0.11 },
	]),
	{ work: "random-upload", metric: "wall", reference: "zip | aws", atMost: 0.45 },
	{ work: "films-upload", metric: "wall", reference: "zip | aws", atMost: 0.45 },
	{ work: "store-upload-tls", metric: "wall", reference: "zip | aws", atMost: 0.45 },
	{ work: "text-create", metric: "wall", reference: "pigz -p2", atMost: 0.85 },
	{ work: "logs-create", metric: "wall", reference: "pigz -p2", atMost: 0.85 },
	{ work: "text-upload", metric: "wall", reference: "archiver", atMost: 0.5 },
	{ work: "text-zstd", metric: "wall", reference: "zipferry deflate", atMost: 0.35 },
	{ work: "text-zstd", metric: "size", reference: "zipferry deflate", atMost: 1 },
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
export const ENTRIES_BAR = 1.1;

/** MiB that so many entries take at most, also if all of them are in one directory. */
export const ENTRIES_MEMORY_BAR = 450;

/** Microseconds that one more small file costs the main thread. */
export const MAIN_THREAD_BAR = 12;
