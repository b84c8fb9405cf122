import { bsdtarFile, bsdtarPipe } from "./bsdtar.ts";
import { busybox } from "./busybox.ts";
import { go } from "./go.ts";
import { javaFile, javaStream } from "./java.ts";
import { php } from "./php.ts";
import { python } from "./python.ts";
import type { Reader } from "./reader.ts";
import { ruby } from "./ruby.ts";
import { sevenZip } from "./seven-zip.ts";
import { structure } from "./structure.ts";
import { unzip } from "./unzip.ts";
import { yauzl } from "./yauzl.ts";
import { zipJs } from "./zip-js.ts";
import { zipdetails } from "./zipdetails.ts";
import { zipinfo } from "./zipinfo.ts";

/** In the order of the table. */
export const READERS: readonly Reader[] = [
	structure,
	unzip,
	zipinfo,
	zipdetails,
	sevenZip,
	bsdtarFile,
	bsdtarPipe,
	busybox,
	python,
	javaFile,
	javaStream,
	go,
	yauzl,
	zipJs,
	php,
	ruby,
];
