package dev.ringflow.tck;

import dev.ringflow.Support;
import dev.ringflow.file.RingOpenOption;
import dev.ringflow.spi.OpCode;
import java.nio.file.OpenOption;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/** All that holds for files, for files in the ring's own table. */
final class UringDirectDescriptorFileTest extends FileContract {
    @Override
    protected String driverName() {
        return "uring";
    }

    @Override
    protected OpenOption[] alwaysWith() {
        return new OpenOption[] {RingOpenOption.DIRECT_DESCRIPTOR};
    }

    @BeforeEach
    void needsTheTable() {
        for (OpCode each : new OpCode[] {OpCode.OPEN_DIRECT, OpCode.INSTALL_DESCRIPTOR}) {
            Assumptions.assumeTrue(
                    ring().capabilities().support(each) != Support.NONE, () -> "This kernel's ring has no " + each);
        }
    }
}
