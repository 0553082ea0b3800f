plugins {
    kotlin("jvm") version "2.4.21"
    application
}

kotlin { jvmToolchain(17) }

dependencies {
    implementation(platform("dev.ringflow:ringflow-bom:0.1.0-SNAPSHOT"))
    implementation("dev.ringflow:ringflow-kotlin")
    // one artifact for each kernel; both may be there, the ring takes what works
    runtimeOnly("dev.ringflow:ringflow-uring-linux")
    runtimeOnly("dev.ringflow:ringflow-ioring-windows")
}

application {
    mainClass = "sample.JournalKt"
    if (JavaVersion.current() >= JavaVersion.VERSION_22) {
        applicationDefaultJvmArgs = listOf("--enable-native-access=ALL-UNNAMED")
    }
}
