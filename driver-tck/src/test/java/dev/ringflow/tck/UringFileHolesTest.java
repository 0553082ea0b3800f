package dev.ringflow.tck;

final class UringFileHolesTest extends FileHolesContract {
    @Override
    protected String driverName() {
        return "uring";
    }
}
