package dev.ringflow.windows.driver;

import dev.ringflow.Capabilities;
import dev.ringflow.Support;
import dev.ringflow.spi.OpCode;
import dev.ringflow.windows.driver.FileTransfer.Kind;

/** What the driver can do with files. */
final class FileCapabilities {
    private FileCapabilities() {}

    static void describe(Capabilities.Builder builder, FileRings rings) {
        boolean reads = rings.takes(Kind.READ);
        boolean writes = rings.takes(Kind.WRITE);
        builder.operations(reads ? Support.NATIVE : Support.ALTERNATIVE, OpCode.READ)
                .operations(writes ? Support.NATIVE : Support.ALTERNATIVE, OpCode.WRITE)
                .operations(Support.ALTERNATIVE, OpCode.APPEND, OpCode.READ_VECTORED, OpCode.WRITE_VECTORED)
                .operations(rings.takes(Kind.SYNC) ? Support.NATIVE : Support.HELPER_THREAD, OpCode.SYNC)
                .operations(rings.takes(Kind.SYNC) ? Support.ALTERNATIVE : Support.HELPER_THREAD, OpCode.SYNC_RANGE)
                .operations(rings.isOpen() ? Support.HELPER_THREAD : Support.NONE, OpCode.OPEN_DIRECT)
                .operations(
                        Support.HELPER_THREAD,
                        OpCode.OPEN,
                        OpCode.PIPE,
                        OpCode.CLOSE,
                        OpCode.STAT,
                        OpCode.TRUNCATE,
                        OpCode.STAT_PATH,
                        OpCode.RENAME,
                        OpCode.DELETE,
                        OpCode.CREATE_DIRECTORY,
                        OpCode.CREATE_SYMBOLIC_LINK,
                        OpCode.CREATE_LINK,
                        OpCode.GET_ATTRIBUTE,
                        OpCode.SET_ATTRIBUTE,
                        OpCode.REMOVE_ATTRIBUTE,
                        OpCode.LIST_ATTRIBUTES)
                .registeredBuffers(reads)
                .detail("files", rings.toString());
    }
}
