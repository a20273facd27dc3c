// For Android Studio. Untested, see settings.gradle.kts. `cargo xtask bindings` writes the
// generated Kotlin first; the native libraries (lib<abi>/libcanvass_bindings.so) come from
// `cargo xtask package android`, which needs an NDK.
plugins {
    id("com.android.application") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.4.21"
}

val root = file("..")

android {
    namespace = "org.canvasscore.sample"
    compileSdk = 35

    defaultConfig {
        applicationId = "org.canvasscore.sample"
        minSdk = 28
        targetSdk = 35
        versionCode = 1
        versionName = "0.1"
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    buildTypes {
        release {
            isMinifyEnabled = true
            proguardFiles(
                getDefaultProguardFile("proguard-android-optimize.txt"),
                root.resolve("bindings/android/consumer-rules.pro"),
            )
        }
    }

    sourceSets.getByName("main") {
        kotlin.srcDirs(
            "src/main/kotlin",
            root.resolve("bindings/android/src/main/kotlin"),
            root.resolve("bindings/kotlin/src/main/kotlin"),
            root.resolve("bindings/kotlin/target/generated"),
        )
        res.srcDirs("src/main/res", root.resolve("bindings/android/src/main/res"))
        jniLibs.srcDirs(root.resolve("target/package/android/jniLibs"))
    }
}

kotlin {
    compilerOptions {
        jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_17
    }
}

dependencies {
    implementation("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
    implementation("com.google.zxing:core:3.5.3")
}
