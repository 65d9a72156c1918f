// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "Call",
    platforms: [.iOS(.v15)],
    products: [.library(name: "Call", targets: ["Call"])],
    dependencies: [
        .package(url: "https://packages.vigil.example/VigilRTC.git", exact: "5.3.1")
    ],
    targets: [
        .target(name: "Call", dependencies: ["VigilRTC"], path: "Sources")
    ]
)
