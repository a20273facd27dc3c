// For Android Studio. Untested: the project's own machine builds the sample with Maven and aapt2
// (xtask/android.xml), where neither Gradle's Android plugin nor an NDK is to be had.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "canvass-android-sample"
