plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
}

android {
    namespace = "com.example.call"
    compileSdk = 35
    defaultConfig {
        applicationId = "com.example.call"
        minSdk = 26
        targetSdk = 35
    }
    buildFeatures { viewBinding = true }
}

dependencies {
    implementation("io.vigil:rtc:5.3.1")
    implementation("androidx.activity:activity-ktx:1.9.3")
    implementation("androidx.lifecycle:lifecycle-viewmodel-ktx:2.8.7")
    implementation("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.9.0")
}
