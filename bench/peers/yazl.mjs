import { ZipFile } from "yazl";
import { files, job, send } from "./job.mjs";

const zip = new ZipFile();
const sent = send(zip.outputStream);
for await (const { path, name } of files()) zip.addFile(path, name, { compress: job.deflate });
zip.end();
await sent;
