// swift-tools-version: 5.9
import PackageDescription

let package = Package(
    name: "ChatSample",
    platforms: [.iOS(.v14), .macOS("11.3")],
    products: [.library(name: "ChatSample", targets: ["ChatSample"])],
    dependencies: [
        .package(url: "https://git.vigil.example/sdk/vigil-im-swift", exact: "5.3.1"),
    ],
    targets: [
        .target(
            name: "ChatSample",
            dependencies: [.product(name: "VigilIM", package: "vigil-im-swift")],
            path: "Sources"
        ),
    ]
)
