import Libsql from "libsql";

// Started by a test as a process of its own: holds the write lock until it is told to let go.
const native = new Libsql(process.argv[2] ?? "");
native.exec("begin immediate");
process.once("message", () => {
	native.exec("commit");
	native.close();
	process.disconnect();
});
process.send?.("locked");
