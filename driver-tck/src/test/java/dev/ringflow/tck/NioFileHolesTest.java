package dev.ringflow.tck;

final class NioFileHolesTest extends FileHolesContract {
    @Override
    protected String driverName() {
        return "nio";
    }
}
