import { ZipArchive } from "archiver";
import { job, send } from "./job.mjs";

const archive = new ZipArchive(job.deflate ? { zlib: { level: 6 } } : { store: true });
archive.directory(job.folder, false);
await Promise.all([archive.finalize(), send(archive)]);
