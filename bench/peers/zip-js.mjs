import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { ZipWriter } from "@zip.js/zip.js";
import { files, job, send } from "./job.mjs";

const { readable, writable } = new TransformStream();
const sent = send(Readable.fromWeb(readable));
const zip = new ZipWriter(writable, { level: job.deflate ? 6 : 0 });
for await (const { path, name } of files()) await zip.add(name, Readable.toWeb(createReadStream(path)));
await zip.close();
await sent;
